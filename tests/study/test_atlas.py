"""The outlines that ship are whole: every country has a ring, a place on the globe, and at most one code."""

from __future__ import annotations

from cell2grid.study.atlas import middle_of, outlines


def test_every_country_has_arcs_of_the_file_and_a_middle_on_the_globe() -> None:
    world = outlines()
    countries = world["objects"]["countries"]["geometries"]
    assert len(countries) > 170
    for country in countries:
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        arcs = [arc for polygon in polygons for ring in polygon for arc in ring]
        assert arcs
        assert all(0 <= (arc if arc >= 0 else ~arc) < len(world["arcs"]) for arc in arcs)
        assert -90 <= country["properties"]["latitude"] <= 90
        assert -180 <= country["properties"]["longitude"] <= 180
    codes = [country["id"] for country in countries if "id" in country]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 2 and code.isupper() for code in codes)


def test_no_ring_crosses_the_meridian_of_180_degrees_but_at_the_pole() -> None:
    world = outlines()
    (across, up), (_, south) = world["transform"]["scale"], world["transform"]["translate"]
    for arc in world["arcs"]:
        latitude = arc[0][1] * up + south
        for step in arc[1:]:
            latitude += step[1] * up
            assert abs(step[0] * across) < 180 or latitude < -89


def test_a_country_is_found_by_code_or_name_in_any_case_and_a_market_is_not() -> None:
    # Beijing and Sydney lie within 25 degrees of the middle of their countries
    assert middle_of("cn") == middle_of("China") != middle_of("AU")
    latitude, longitude = middle_of("CN") or (0.0, 0.0)
    assert abs(latitude - 39.9) < 25
    assert abs(longitude - 116.4) < 25
    assert middle_of("rest", "Other markets abroad") is None
