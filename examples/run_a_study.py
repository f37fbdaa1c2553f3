"""What a plant of our own makes and ships, when an order arrives, and what a storm in the harbour costs."""

from cell2grid.run import run_study
from cell2grid.study.loader import parse_study

STUDY = """
study: harbour-packs
horizon: {start: 2026-01, end: 2027-12}
members: 500
seed: 1
regions:
  NO: {name: Norway}
  DE: {name: Germany}
products:
  pack: {counted_in: container, energy: "3 MWh/container [assumed: an example]"}
firms:
  harbour: {}
plants:
  quay:
    owner: harbour
    region: "NO"
    makes: pack
    capacity: "900 .. 1100 container/year [assumed: an example]"
    opens: "2026-03-15 [assumed: an example]"
    ramp: {curve: logistic, months_to_nameplate: "6 .. 12 month [assumed: an example]"}
lanes:
- {origin: "NO", destination: DE, lead_time: "5 .. 20 day [assumed: an example]"}
projects:
  heath:
    region: DE
    power: "150 MW [assumed: an example]"
    energy: "600 MWh [assumed: an example]"
    construction: "4 .. 6 month [assumed: an example]"
    order: {plant: quay, product: pack, energy: "600 MWh [assumed: an example]", ordered: "2026-02-01 [assumed: x]"}
shocks:
  storm:
    plant: quay
    what: exports
    leaves: "0 percent [assumed: an example]"
    start: "2026-09-01 [assumed: an example]"
    end: "2026-10-15 [assumed: an example]"
"""

study = parse_study(STUDY)
for name, what in (("as it is", study), ("without the storm", study.changed(shocks={}))):
    results = run_study(what)
    monthly = results.tables["monthly"].set_index(["variable", "entity", "period"])
    output = monthly.loc[("output", "quay", "2026-12")]
    order = results.tables["deliveries"].iloc[0]
    print(f"{name}:")
    print(
        f"  output in December 2026 {output['mean']:.1f} {output['unit']} ({output['p10']:.1f} to {output['p90']:.1f})"
    )
    print(
        f"  the order's {order['items']:.0f} containers arrive by {order['delivered_p10']} to {order['delivered_p90']}"
    )
    print(f"  the project operates from {order['commissioning_p10']} to {order['commissioning_p90']}")
