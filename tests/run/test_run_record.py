"""Observations and counterfactuals: what a reported figure is held against."""

import numpy as np
import pytest

from cell2grid.errors import StudyError
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.ensemble import simulate
from cell2grid.run.told.record import counterfactual_rows, modelled_values, observation_rows, source_words
from cell2grid.study.model import Observation
from cell2grid.study.quantity import Quantity


def held(study, **slots):
    seen = {"variable": "output", "of": "fjord", "start": "2030-03", "end": "2030-04", "value": "1 container [gazette]"}
    observation = Observation.model_validate({**seen, **slots})
    return modelled_values(study, simulate(study, members=3, seed=1).arrays, "seen", observation)


# output is 90, 90, 90, 45 from January to April
@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({}, 135.0),
        ({"value": "1 container/month [gazette]"}, 67.5),
        ({"value": "1 container/year [gazette]"}, 810.0),
        ({"variable": "output_energy", "value": "1 MWh [gazette]"}, 270.0),
        ({"variable": "output_energy", "value": "1 GWh/year [gazette]"}, 0.135 * 12),
        # 135 of 200
        ({"variable": "utilisation", "value": "1 percent [gazette]"}, 67.5),
        ({"variable": "utilisation", "value": "1 ratio [gazette]", "of": "fjordkraft"}, 0.675),
        ({"variable": "ramp", "value": "1 percent [gazette]"}, 100.0),
        ({"of": "NO"}, 135.0),
        ({"of": "fjordkraft"}, 135.0),
        ({"variable": "shipped", "of": "DE"}, 20.0 + 30.0 + 30.0),
        ({"variable": "order_delivered", "of": "heath"}, 20.0),
        # the order takes 200 of 270, the market 30: 40 stay at the end of March, 55 at the end of April
        ({"variable": "stock"}, 55.0),
        (
            {"variable": "order_share", "of": "heath", "start": "2030-01", "end": "2030-01", "value": "1 percent [g]"},
            45.0,
        ),
    ],
)
def test_modelled_values_by_hand(changed, slots, expected):
    assert held(changed(), **slots).tolist() == pytest.approx([expected] * 3)


@pytest.mark.parametrize(
    ("slots", "message"),
    [
        ({"variable": "npv"}, "'npv' is not a monthly result; it is one of capacity"),
        ({"variable": "gold"}, "'gold' is not a monthly result"),
        ({"of": "atlantis"}, "'atlantis' has no output in this study"),
        ({"start": "2030-11", "end": "2031-01"}, "2031-01 is not within the months of the study"),
        ({"start": "2030-05", "end": "2030-04"}, "is not within the months of the study"),
        ({"value": "1 vehicle [gazette]"}, "counts vehicles, and plant 'fjord' makes containers"),
        ({"value": "1 MWh [gazette]"}, "is in MWh; the variable is in"),
        ({"variable": "order_share", "of": "fjord"}, "'fjord' has no order_share"),
    ],
)
def test_what_the_run_does_not_have_is_refused(changed, slots, message):
    with pytest.raises(StudyError, match=message):
        held(changed(), **slots)


def test_a_share_of_several_plants_has_no_one_value(changed):
    figures = 'capacity: "1 container/year [gazette]", opens: "2030-02 [gazette]"'
    other = f'  second: {{owner: fjordkraft, region: "NO", makes: pack, {figures}}}\nlanes:\n'
    with pytest.raises(StudyError, match="'ramp' of several plants has no one value"):
        held(changed(("lanes:\n", other)), variable="ramp", of="fjordkraft", value="1 percent [gazette]")


CHAIN = (
    (
        "products:\n",
        'products:\n  cell: {counted_in: cell, energy: "1 kWh/cell [gazette]"}\n  truck: {counted_in: vehicle}\n',
    ),
    (
        "lanes:\n",
        """  cells: {owner: fjordkraft, region: "NO", makes: cell, capacity: "2400000 cell/year [gazette]",
    opens: "2030-01 [gazette]"}
  trucks: {owner: fjordkraft, region: "NO", makes: truck, capacity: "600 vehicle/year [gazette]",
    opens: "2030-01 [gazette]"}
lanes:
""",
    ),
)
FED = ('yield: "90 percent [gazette]"', 'inputs: [{product: cell, per_item: "2000 cell/container [gazette]"}]')


def test_of_a_firm_the_plants_count_that_make_what_was_counted(changed):
    """The firm makes 100 containers, 200,000 cells (200 MWh) and 50 vehicles a month."""
    study = changed(*CHAIN, ('yield: "90 percent [gazette]"', 'yield: "100 percent [gazette]"'))
    month = {"of": "fjordkraft", "start": "2030-01", "end": "2030-01"}
    assert held(study, **month)[0] == pytest.approx(100.0)
    assert held(study, **month, value="1 cell [gazette]")[0] == pytest.approx(200_000.0)
    assert held(study, **month, value="1 vehicle [gazette]")[0] == pytest.approx(50.0)
    assert held(study, variable="shipped", **{**month, "of": "DE"})[0] == pytest.approx(100.0), "the order of heath"
    energy = held(study, variable="output_energy", **month, value="1 MWh [gazette]")
    assert energy[0] == pytest.approx(200.0 + 200.0), "trucks store nothing that the study knows of"


@pytest.mark.parametrize(
    ("changes", "slots", "message"),
    [
        (CHAIN, {"variable": "utilisation", "value": "1 percent [g]"}, "count in cell and container and vehicle"),
        (
            (*CHAIN, FED),
            {"variable": "output_energy", "value": "1 MWh [g]"},
            "'fjord' takes in what 'cells' makes, so that output_energy of 'fjordkraft' would count",
        ),
        (CHAIN, {"variable": "output_energy", "of": "trucks", "value": "1 MWh [g]"}, "no product of 'trucks' has an"),
        (CHAIN, {"of": "trucks"}, "counts containers, and plant 'trucks' makes vehicles; name one that makes"),
    ],
)
def test_what_adds_up_to_nothing_is_refused(changed, changes, slots, message):
    with pytest.raises(StudyError, match=message):
        held(changed(*changes), **{"of": "fjordkraft", **slots})


def test_an_observation_is_no_input(changed):
    """Ten times the reported figure changes the residual, and no member."""
    one, other = changed(), changed(("320 container", "3200 container"))
    arrays = [simulate(study, members=3, seed=1).arrays for study in (one, other)]
    assert arrays[0].identical(arrays[1])
    rows = [observation_rows(study, arrays[0], {})[0] for study in (one, other)]
    assert rows[0]["mean"] == rows[1]["mean"]
    assert rows[1]["residual"] - rows[0]["residual"] == pytest.approx(2880)


def test_the_share_is_of_what_the_others_export_and_it(changed):
    study = changed(('own: "100 container', 'own: "200 container'))
    rows = counterfactual_rows(study, {"calm": np.array([0.0, 200.0])}, Figures(1, first=0, count=2))
    # 0 of 800, and 200 of 800 + 200
    assert [rows[1][key] for key in ("mean", "p10", "p90")] == pytest.approx([10.0, 2.0, 18.0])


def test_exports_that_are_all_there_are_have_no_share_of_nothing(changed):
    study = changed(('own: "100 container', 'own: "1000 container'))
    rows = counterfactual_rows(study, {"calm": np.array([0.0, 5.0])}, Figures(1, first=0, count=2))
    assert rows[1]["mean"] == 100.0


def test_own_exports_above_the_total_are_refused(changed):
    study = changed()
    case = study.counterfactuals["calm"].changed(own=Quantity.model_validate("2000 container [gazette]"))
    with pytest.raises(StudyError, match="is above total"):
        counterfactual_rows(
            study.changed(counterfactuals={"calm": case}), {"calm": np.zeros(1)}, Figures(1, first=0, count=1)
        )


def test_sources_in_words(changed):
    evidence = {
        "claims": [{"id": "8f3a9911", "document": "d"}],
        "documents": [{"id": "d", "title": "Quay news", "publisher": "The Quay", "date": None}],
    }
    quantity = Quantity.model_validate("1 container [gazette; claim 8f3a; claim 77aa; assumed: one ship; no storm]")
    assert source_words(changed(), quantity, evidence) == (
        "Packs from the fjord, The Harbour Gazette, 2030-01-09; Quay news, The Quay; claim 77aa;"
        " assumed: one ship; no storm"
    )


def test_a_page_without_a_title_is_named_by_its_file(changed):
    evidence = {
        "claims": [{"id": "8f3a9911", "document": "d"}],
        "documents": [{"id": "d", "path": "quay.txt", "title": None, "publisher": None, "date": "2030-01-09"}],
    }
    quantity = Quantity.model_validate("1 container [claim 8f3a]")
    assert source_words(changed(), quantity, evidence) == "quay.txt, 2030-01-09"
