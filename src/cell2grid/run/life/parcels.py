"""Cases in small parcels for other processes: their long series go along once, and each case says which it has.

Cases with the same parcel are the same case. What is done with them is in ``life.py``.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

LONG = 256  # bytes of an array that is worth sending apart


class Series:
    """The long series of many cases, each once, by what they hold."""

    def __init__(self) -> None:
        self.arrays: dict[bytes, Any] = {}
        self._names: dict[int, bytes] = {}

    def name(self, array: Any) -> bytes:
        """The name of an array, kept from now on."""
        known = self._names.get(id(array))
        if known is None:
            said = str((array.dtype.str, array.shape)).encode()
            known = blake2b(said + np.ascontiguousarray(array).tobytes(), digest_size=16).digest()
            self.arrays.setdefault(known, array)
            # the cases hold their arrays, so that none comes in the place of another
            self._names[id(array)] = known
        return known


class _Packer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, series: Series) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._series = series

    def persistent_id(self, obj: Any) -> bytes | None:
        """The name of a long array; None for all else, which goes along."""
        if type(obj) is np.ndarray and obj.nbytes >= LONG and obj.dtype.kind in "fiub":
            return self._series.name(obj)
        return None


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, arrays: dict[bytes, Any]) -> None:
        super().__init__(file)
        self._arrays = arrays

    def persistent_load(self, pid: Any) -> Any:
        """The long array of a name."""
        return self._arrays[pid]


def packed(cases: Sequence[Any]) -> tuple[list[bytes], dict[bytes, Any]]:
    """A parcel for each case, and the long series of all of them by name."""
    series = Series()
    parcels = []
    for case in cases:
        file = io.BytesIO()
        _Packer(file, series).dump(case)
        parcels.append(file.getvalue())
    return parcels, series.arrays


def unpacked(parcel: bytes, arrays: dict[bytes, Any]) -> Any:
    """The case of a parcel that this program packed."""
    return _Unpacker(io.BytesIO(parcel), arrays).load()
