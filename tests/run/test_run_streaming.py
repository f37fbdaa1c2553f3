"""More members than memory holds: held to the run that holds them all."""

import numpy as np
import pytest

from cell2grid.errors import InputError
from cell2grid.run import run_study
from cell2grid.run.memory import BYTES
from cell2grid.study.model import Calibration

MEMBERS = 700
RANGES = (
    ('"1200 container/year [gazette]"', '"900 .. 1500 container/year [gazette]"'),
    ('opens: "2030-01 [', 'opens: "2030-03 ['),
)


@pytest.fixture
def both(changed, folder):
    study = changed(*RANGES)
    whole = run_study(study, members=MEMBERS, study_folder=folder)
    part = run_study(study, members=MEMBERS, study_folder=folder, memory=400 * 12 * BYTES)
    return whole, part


def note(results):
    return next(said for said in results.manifest["notes"] if said.startswith("the months and the dates"))


def test_the_months_are_those_of_all_members_to_what_is_said(both):
    whole, part = both
    assert list(whole.tables["monthly"].columns) == list(part.tables["monthly"].columns)
    key = ["variable", "entity", "destination", "period"]
    joined = whole.tables["monthly"].merge(part.tables["monthly"], on=key, suffixes=("", "_streamed"))
    assert len(joined) == len(whole.tables["monthly"]) == len(part.tables["monthly"])
    assert joined["mean_streamed"].to_numpy() == pytest.approx(joined["mean"].to_numpy(), rel=1e-9, abs=1e-9)
    said = float(note(part).split("exact to ")[1].split(" %")[0]) / 100
    assert said < 0.05
    for column in ("p10", "p50", "p90"):
        largest = joined.groupby("variable")["p90"].transform("max").to_numpy()
        off = np.abs(joined[f"{column}_streamed"].to_numpy() - joined[column].to_numpy())
        assert np.all(off <= 1.1 * said * largest + 1e-9)


def test_the_dates_of_orders_are_exact(both):
    whole, part = both
    assert part.tables["deliveries"].equals(whole.tables["deliveries"])


def test_the_manifest_says_what_was_kept(both):
    whole, part = both
    assert whole.manifest["streamed"] is None
    assert part.manifest["streamed"] == {"members": MEMBERS, "kept": 200}
    assert "of all 700 members" in note(part)
    assert part.arrays.sizes["member"] == 200
    assert part.manifest["members"] == MEMBERS


def test_a_study_that_is_calibrated_is_not_streamed(changed):
    weighed = Calibration.model_validate({"on": ("made",), "tolerance": "10 percent [gazette]"})
    study = changed(*RANGES).changed(calibration=weighed)
    with pytest.raises(InputError, match="calibration looks at each member"):
        run_study(study, members=MEMBERS, memory=400 * 12 * BYTES)
