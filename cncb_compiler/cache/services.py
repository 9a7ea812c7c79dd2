"""What single services are found wrong in: remembered for each whose surroundings are the same."""

from __future__ import annotations

from collections.abc import Mapping

from cncb_compiler.aws.checked import checked_template
from cncb_compiler.cache.findings import as_values, of_values
from cncb_compiler.cache.memory import Memory
from cncb_compiler.cache.surroundings import keys_of, texts_of
from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.passes import Analysis
from cncb_compiler.patterns.claims import has_claims
from cncb_compiler.patterns.lower import lower
from cncb_compiler.rules import registry

RULES, PLANS = "rules", "plans"


def check_remembering(analysis: Analysis, memory: Memory, keys: Mapping[str, str]) -> None:
    """As the pass `check_services`; `keys` are those of `keys`."""
    system = analysis.linked
    for name, key in keys.items():
        known = memory.recall(RULES, name, key)
        if known is None:
            known = as_values(registry.run_services(system, (system.services[name],)))
            memory.keep(RULES, name, key, known)
        analysis.found += of_values(known)


def plan_remembering(analysis: Analysis, memory: Memory, keys: Mapping[str, str]) -> None:
    """As the passes `plan_services` and `check_templates`, but for the plans, which nobody needs here."""
    system = analysis.linked
    planned: list[Diagnostic] = []
    finished: list[Diagnostic] = []
    for name, key in keys.items():
        known = memory.recall(PLANS, name, key)
        if known is None:
            plan = lower(system, system.services[name])
            known = [as_values(registry.run_planned((plan,))), as_values(checked_template(plan)[1])]
            memory.keep(PLANS, name, key, known)
        planned += of_values(known[0])
        finished += of_values(known[1])
    analysis.found += planned + finished


def keys(analysis: Analysis) -> dict[str, str]:
    """By service, a digest of all that is made of it, and said of it alone: the same digest, the same plan."""
    system = analysis.linked
    shared = [
        system.name,
        repr(sorted(system.declared.broken)),
        repr([(name, event.record.fields.get("context")) for name, event in system.events.items()]),
        repr(_publishers(system)),
        repr(sorted(system.sensitive.by_origin.items())),
        repr(has_claims(system)),
    ]
    # A monitor has an alarm for each of the others.
    monitors = [service.name for service in system.services.values() if service.monitor]
    services = {name: service.at for name, service in system.services.items()}
    return keys_of(texts_of(analysis.source), services, shared, monitors)


def _publishers(system: LinkedSystem) -> dict[str, list[str]]:
    """The services that publish each event, which say where its large ones are kept."""
    return {
        event: sorted(
            {one.construct.service for one in system.emissions.get(event, ())}
            | {one.service for one in system.publishing_functions.get(event, ())}
        )
        for event in system.events
    }
