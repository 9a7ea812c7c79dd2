"""What single services are found wrong in: remembered for each whose surroundings are the same."""

from __future__ import annotations

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

KIND = "services"


def look_at_services(analysis: Analysis, memory: Memory) -> None:
    """As the passes `check_services`, `plan_services` and `check_templates`, but for the plans, which nobody needs."""
    system = analysis.linked
    planned: list[Diagnostic] = []
    finished: list[Diagnostic] = []
    for name, key in keys(analysis).items():
        known = memory.recall(KIND, name, key)
        if known is None:
            service = system.services[name]
            plan = lower(system, service)
            found = registry.run_services(system, (service,)) + registry.run_planned((plan,))
            known = [as_values(found), as_values(checked_template(plan)[1])]
            memory.keep(KIND, name, key, known)
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
