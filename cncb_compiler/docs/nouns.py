"""The sections of the language's reference: the models that each one is made from, in the order of reading."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noun:
    """A section. `name` is that of its text and example; `models` are definitions of the JSON Schema."""

    name: str
    title: str
    models: tuple[str, ...] = ()


NOUNS = (
    Noun("system", "System", ("System",)),
    Noun("stages", "Stages", ("Stage",)),
    Noun("defaults", "Defaults", ("Defaults",)),
    Noun("streams", "Streams", ("Stream",)),
    Noun("types", "Types"),
    Noun("events", "Events", ("Event",)),
    Noun("services", "Services", ("ServiceFile",)),
    Noun("api", "API", ("Api", "Cors")),
    Noun("stores", "Stores", ("Store", "Index", "Throughput", "Scaled", "CapacitySchedule", "Bounds")),
    Noun("queues", "Queues and buses", ("Queue", "Bus")),
    Noun("commands", "Commands", ("Command",)),
    Noun("changes", "Changes", ("Change", "Publication")),
    Noun("views", "Views", ("View", "Projection")),
    Noun("collected-views", "Collected views", ("Collect",)),
    Noun("queries", "Queries", ("Query",)),
    Noun("search", "Search", ("Search", "SearchDomain")),
    Noun("transitions", "Transitions", ("Transition",)),
    Noun("reactions", "Reactions", ("Reaction",)),
    Noun("functions", "Functions", ("Function",)),
    Noun("function-settings", "Function settings", ("FunctionSettings", "Retry")),
    Noun("processing", "Processing", ("Processing", "Reduce")),
    Noun("data-lake", "Data lake", ("Lake", "Buffer")),
    Noun("monitor", "Monitor", ("Monitor", "Alarms")),
    Noun("resources", "Resources and overrides"),
    Noun("accepted-changes", "Accepted changes", ("Acceptance",)),
    Noun("mappings", "Mappings"),
    Noun("hooks", "Hooks"),
)
"""Every section has a text `texts/<name>.md` and an example `examples/<name>.yaml`."""
