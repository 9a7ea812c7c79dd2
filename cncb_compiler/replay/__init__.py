"""Replay: the lake's events once more to one function, as its stream would deliver them.

`lines`, `lake`, `selection`, `batches`, `patience`, `sending` and `replaying` import only each other and the
standard library: they travel with the worker of a distributed replay (`worker`).
"""
