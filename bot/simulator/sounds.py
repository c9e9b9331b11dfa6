"""A voice message that really plays: silence, as Opus in Ogg."""

import struct
from functools import cache

_RATE = 48_000
_FRAME = 960  # samples: 20 ms
_SILENT = b"\xf8\xff\xfe"  # a whole frame of one channel in which nothing is heard
_SKIP = 312  # samples that a decoder leaves out at the start
_SERIAL = 1
_FIRST, _LAST = 2, 4


@cache
def silence(frames: int = 150) -> bytes:
    """So many fiftieths of a second, at most 255."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, _SKIP, _RATE, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 9) + b"simulator" + struct.pack("<I", 0)
    return (
        _page(0, _FIRST, 0, [head])
        + _page(1, 0, 0, [tags])
        + _page(2, _LAST, frames * _FRAME, [_SILENT] * frames)
    )


def _page(number: int, flags: int, position: int, packets: list[bytes]) -> bytes:
    begins = b"OggS" + struct.pack("<BBqII", 0, flags, position, _SERIAL, number)
    rest = bytes([len(packets), *map(len, packets)]) + b"".join(packets)
    return begins + struct.pack("<I", _checksum(begins + bytes(4) + rest)) + rest


def _checksum(data: bytes) -> int:
    rest = 0
    for byte in data:
        rest ^= byte << 24
        for _ in range(8):
            rest = (rest << 1) ^ (0x04C11DB7 if rest & 0x80000000 else 0)
        rest &= 0xFFFFFFFF
    return rest
