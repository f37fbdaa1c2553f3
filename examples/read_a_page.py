"""From a page to claims, to checks, and to the claims that a reviewer has accepted. The firm is invented."""

from pathlib import Path

import cell2grid

PAGE = """---
title: Adatum opens a pack plant in Turku
publisher: The Quay
date: 2026-03-04
---
Adatum Energy opened a plant for battery packs in Turku, Finland, on Tuesday.
The Turku plant has a capacity of 40,000 packs a year. Each pack holds 80 kWh.
Fabrikam owns 55% of Adatum Energy, and Contoso owns 45%.
Adatum Energy exported more than 1,200 packs in February 2026.
"""

page = Path("turku.md")
page.write_text(PAGE, encoding="utf-8")

with cell2grid.open_store("claims.db", create=True) as store:
    for pages in cell2grid.read_pages([page]):
        store.add(pages)

    for claim in store.claims():
        ends = "" if claim.low == claim.high else f"  ({claim.low:g} to {'any' if claim.high is None else claim.high})"
        print(f"{claim.tier}  {claim.measure:<12}{claim.subject}: {claim.value:g} {claim.unit}{ends}")
        # every claim leads back to its place in the file
        assert PAGE[claim.value_start : claim.value_end] == claim.value_text

    checks, derived = cell2grid.check_claims(store.claims(), store.stories())
    for check in checks:
        if check.stated is not None:
            sides = f"stated {check.stated:g}, computed {check.computed:g} {check.unit}"
            print(f"{check.kind}: {sides}: {check.verdict.value}")
    for value in derived:
        print(f"nobody says it: {value.measure} of {value.subject} is {value.value:g} {value.unit} = {value.equation}")

    store.accept_all([claim.id for claim in store.claims(tier="A")], reviewer="example")
    exported = cell2grid.export_claims(store, "claims.parquet")
    print(f"exported: {', '.join(f'{each.count} claims to {each.path.name}' for each in exported.files)}")
    print(f"{len(store.accepted())} of {len(store.claims())} claims may reach a study")
