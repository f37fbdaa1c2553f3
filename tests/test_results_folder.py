"""Run folders: what is written is read again, and what is not whole, not ours or not known is refused."""

import hashlib
import json
import os
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from cell2grid.errors import EngineError, RunFolderError
from cell2grid.nomenclature import labelled
from cell2grid.results import FORMAT, OPTIONAL, TABLES, Results, check_place, read_results, write_results


def invented(study="harbour", seed=1):
    """Two members of one plant over two months, and a row in some tables."""
    arrays = labelled(
        xr.Dataset(
            {"output": (("member", "plant", "period"), np.arange(4.0).reshape(2, 1, 2) * seed)},
            coords={"member": [0, 1], "plant": ["yard"], "period": ["2030-01", "2030-02"]},
        )
    )
    tables = {name: pd.DataFrame([], columns=list(columns)) for name, columns in TABLES.items()}
    row = ("output", "yard", None, "2030-01", 1.5, 1.0, np.nan, 2.0, "bus/month")
    tables["monthly"] = pd.DataFrame([row], columns=list(TABLES["monthly"]))
    tables["cash_flow"] = pd.DataFrame([("p", 3, 1.0, 0.5, 2.0, "NOK")], columns=list(TABLES["cash_flow"]))
    manifest = {"cell2grid": "0", "format": FORMAT, "study": study, "seed": seed, "members": 2}
    return Results(json.dumps({"study": study}), tables, manifest, {"claims": []}, arrays)


def test_what_is_written_is_read_again(tmp_path):
    place = write_results(invented(), tmp_path / "run")
    assert place == (tmp_path / "run").absolute()
    back = read_results(place, with_arrays=True)
    assert back.name == "harbour"
    assert json.loads(back.study_json) == {"study": "harbour"}
    assert back.arrays is not None
    assert back.arrays["output"].identical(invented().arrays["output"])
    row = back.tables["monthly"].iloc[0]
    assert row["destination"] is None
    assert np.isnan(row["p50"])
    assert (row["mean"], row["unit"]) == (1.5, "bus/month")
    assert back.tables["cash_flow"]["year"].tolist() == [3]
    assert read_results(place).arrays is None


def test_nothing_is_left_beside_the_folder(tmp_path):
    write_results(invented(), tmp_path / "run")
    write_results(invented(seed=2), tmp_path / "run")
    assert os.listdir(tmp_path) == ["run"]
    assert read_results(tmp_path / "run").manifest["seed"] == 2


def test_the_same_results_give_the_same_bytes_of_every_table(tmp_path):
    hashes = []
    for name in ("one", "two"):
        write_results(invented(), tmp_path / name)
        files = sorted((tmp_path / name / "tables").iterdir())
        hashes.append({file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files})
    assert hashes[0] == hashes[1]
    assert set(hashes[0]) == {f"{name}.parquet" for name in TABLES}


def test_a_run_may_do_without_the_tables_of_a_valuation_in_depth(tmp_path):
    whole = invented()
    few = {name: frame for name, frame in whole.tables.items() if name not in OPTIONAL}
    few["life"] = pd.DataFrame(
        [("p", "state_of_health", "ratio", 1, 0.97, 0.96, 0.97, 0.98)], columns=list(TABLES["life"])
    )
    back = read_results(write_results(replace(whole, tables=few), tmp_path / "run"))
    assert set(back.tables) == set(TABLES) - OPTIONAL | {"life"}
    assert back.tables["life"]["year"].tolist() == [1]


def test_a_quote_in_the_path_is_a_path(tmp_path):
    place = write_results(invented(), tmp_path / "captain's run")
    assert len(read_results(place).tables["monthly"]) == 1


@pytest.mark.parametrize(
    "lost", ["manifest.json", "study.json", "evidence.json", "results.nc", "tables/monthly.parquet"]
)
def test_a_partial_folder_is_refused_and_named(tmp_path, lost):
    place = write_results(invented(), tmp_path / "run")
    (place / lost).unlink()
    with pytest.raises(RunFolderError, match=f"not whole: {lost} is missing"):
        read_results(place)


def test_a_missing_folder_is_refused_with_the_command_that_makes_it(tmp_path):
    with pytest.raises(RunFolderError, match="cell2grid run STUDY"):
        read_results(tmp_path / "nowhere")


def test_another_format_is_refused(tmp_path):
    results = invented()
    place = write_results(replace(results, manifest={**results.manifest, "format": FORMAT + 1}), tmp_path / "run")
    with pytest.raises(RunFolderError, match=f"has format {FORMAT + 1}, this version reads {FORMAT}"):
        read_results(place)


@pytest.mark.parametrize("broken", ["manifest.json", "evidence.json", "study.json"])
@pytest.mark.parametrize("text", ["{", "[1]", "\udcff"])
def test_a_broken_document_is_refused_by_its_name(tmp_path, broken, text):
    place = write_results(invented(), tmp_path / "run")
    (place / broken).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(RunFolderError, match=broken):
        read_results(place)


@pytest.mark.parametrize("broken", ["tables/monthly.parquet", "results.nc"])
def test_a_broken_table_or_array_file_is_refused_by_its_name(tmp_path, broken):
    place = write_results(invented(), tmp_path / "run")
    (place / broken).write_bytes(b"PAR1 no more")
    with pytest.raises(RunFolderError, match=broken):
        read_results(place, with_arrays=True)


def test_arrays_that_the_nomenclature_does_not_know_are_not_written(tmp_path):
    results = invented()
    strange = replace(results, arrays=results.arrays.rename(output="gold"))
    with pytest.raises(EngineError, match="'gold' is not in the nomenclature"):
        write_results(strange, tmp_path / "run")
    assert os.listdir(tmp_path) == []


def test_arrays_of_another_unit_are_refused_on_reading(tmp_path):
    place = write_results(invented(), tmp_path / "run")
    arrays = read_results(place, with_arrays=True).arrays
    arrays["output"].attrs["units"] = "item/fortnight"
    arrays.to_netcdf(place / "results.nc", engine="h5netcdf")
    with pytest.raises(RunFolderError, match="fortnight"):
        read_results(place, with_arrays=True)


def test_a_table_of_other_columns_is_not_written(tmp_path):
    results = invented()
    tables = {**results.tables, "cash_flow": results.tables["cash_flow"].rename(columns={"mean": "average"})}
    with pytest.raises(EngineError, match="'cash_flow' has the columns"):
        write_results(replace(results, tables=tables), tmp_path / "run")


def test_a_run_of_another_study_is_replaced_only_when_asked(tmp_path):
    write_results(invented(), tmp_path / "run")
    with pytest.raises(RunFolderError, match="holds a run of study 'harbour', not of 'depot'"):
        write_results(invented("depot"), tmp_path / "run")
    assert read_results(tmp_path / "run").name == "harbour"
    write_results(invented("depot"), tmp_path / "run", replace_other=True)
    assert read_results(tmp_path / "run").name == "depot"


def test_what_is_not_a_run_is_never_replaced(tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "thesis.txt").write_text("years of work")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").write_text('{"study": "harbour"}')
    (tmp_path / "file").write_text("x")
    for name in ("papers", "other", "file"):
        with pytest.raises(RunFolderError):
            write_results(invented(), tmp_path / name, replace_other=True)
    assert (tmp_path / "papers" / "thesis.txt").read_text() == "years of work"


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "run").mkdir()
    check_place(tmp_path / "run", "harbour")
    assert write_results(invented(), tmp_path / "run").is_dir()


def test_an_interrupted_run_leaves_the_old_one_and_no_partial_folder(tmp_path, monkeypatch):
    write_results(invented(), tmp_path / "run")
    monkeypatch.setattr("cell2grid.results.folder.write_tables", _interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_results(invented(seed=2), tmp_path / "run")
    assert os.listdir(tmp_path) == ["run"]
    assert read_results(tmp_path / "run").manifest["seed"] == 1


def test_what_a_killed_run_left_is_taken_away_by_the_next(tmp_path):
    dead = tmp_path / ".run.partial-999999999"
    (dead / "tables").mkdir(parents=True)
    write_results(invented(), tmp_path / "run")
    assert os.listdir(tmp_path) == ["run"]


def test_a_folder_that_a_killed_run_had_moved_aside_is_put_back_first(tmp_path, monkeypatch):
    write_results(invented(), tmp_path / "run")
    (tmp_path / "run").rename(tmp_path / ".run.old-999999999")
    monkeypatch.setattr("cell2grid.results.folder.write_tables", _interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_results(invented(seed=2), tmp_path / "run")
    assert os.listdir(tmp_path) == ["run"]
    assert read_results(tmp_path / "run").manifest["seed"] == 1


def test_a_place_that_cannot_be_written_is_one_message(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(RunFolderError, match="cannot be written"):
        write_results(invented(), tmp_path / "file" / "run")


def _interrupted(*_):
    raise KeyboardInterrupt
