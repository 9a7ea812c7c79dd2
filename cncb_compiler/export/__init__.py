"""The system in the words of its neighbours: AsyncAPI, JSON Schema, EventCatalog, Backstage.

Each module makes files from a `Part` of a linked system, as values; nothing here reads or writes the disk.
"""
