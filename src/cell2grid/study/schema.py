"""The JSON schemas of study and project files, from which editors complete keys and show what they mean.

They are made from the models, so that they cannot say anything else; the rules across parts (``rules.py``,
``project_rules.py``) are not in them. ``cell2grid schema`` prints them, and the file beside the studies that ship is
what it prints of a study.
"""

from __future__ import annotations

from typing import Any

from cell2grid.study.asset_file import AssetFile
from cell2grid.study.model import Study
from cell2grid.study.project_file import ProjectFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_Node = dict[str, Any]


def study_schema() -> _Node:
    """The JSON schema (draft 2020-12) of a study file; each field has its description, each quantity its unit.

    >>> study_schema()["$defs"]["Plant"]["properties"]["capacity"]["examples"]
    ['10000 system/year [source-key]', '? system/month']
    """
    schema = Study.model_json_schema()
    made: _Node = _told(schema)
    return {"$schema": DIALECT, **made, "title": "A study of cell2grid"}


def project_schema() -> _Node:
    """The JSON schema (draft 2020-12) of a project file; each field has its description, each quantity its unit.

    >>> project_schema()["$defs"]["Finance"]["properties"]["life"]["unit"]
    'year ≥ 1 ≤ 100'
    """
    made: _Node = _told(ProjectFile.model_json_schema())
    # what only projects have comes before what all assets have
    asset = [name for name in AssetFile.model_fields if name not in ("power", "energy")]
    fields = made["properties"]
    first = ["project", "power", "energy", *(name for name in fields if name not in asset)]
    made["properties"] = {name: fields[name] for name in dict.fromkeys([*first, *asset])}
    return {"$schema": DIALECT, **made, "title": "A storage project of cell2grid"}


def _told(node: Any) -> Any:
    """The node without what pydantic adds for programs, and with the unit in the description."""
    if isinstance(node, list):
        return [_told(part) for part in node]
    if not isinstance(node, dict):
        return node
    node = _without_null(node)
    told = {key: _told(part) for key, part in node.items() if key not in ("properties", "$defs")}
    for key in ("properties", "$defs"):
        if key in node:
            told[key] = {name: _told(part) for name, part in node[key].items()}
    if isinstance(told.get("title"), str):
        del told["title"]
    if told.get("default", 0) is None:
        del told["default"]
    if "patternProperties" in told:
        told["additionalProperties"] = False
    if "unit" in told:
        told["description"] = (
            f"{told.get('description', 'A quantity.')} In {told['unit']}, with its source in brackets."
        )
    return told


def _without_null(node: _Node) -> _Node:
    """An optional field as what it is where it is written: null is the same as leaving it out."""
    options = [option for option in node.get("anyOf", ()) if option.get("type") != "null"]
    if "anyOf" not in node or len(options) != 1:
        return node
    (only,) = options
    outer = {key: part for key, part in node.items() if key != "anyOf"}
    return {**only, **outer}
