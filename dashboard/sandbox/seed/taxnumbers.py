"""Tax numbers whose check digits are right, and the same ones spoilt."""

from random import Random


def tax_numbers(country: str, random: Random) -> tuple[str, str]:
    """(tin, VAT number): both valid, and of the same company."""
    return _MAKERS[country](random)


def spoilt(number: str) -> str:
    """The same number with one digit changed, which a check digit notices (a Dutch one 99 times in 100)."""
    at = max(place for place, letter in enumerate(number[:-2]) if letter.isdigit())
    return number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]


def _digits(random: Random, count: int) -> list[int]:
    return [random.randint(1, 9), *(random.randint(0, 9) for _ in range(count - 1))]


def _weighed(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True))


def _text(digits: list[int]) -> str:
    return "".join(map(str, digits))


def _checked(random: Random, weights: tuple[int, ...], sign: int = 1) -> str:
    """Digits and their check digit. Where that would be 10, no such number is given out."""
    while True:
        digits = _digits(random, len(weights))
        check = sign * _weighed(digits, weights) % 11
        if check < 10:
            return _text([*digits, check])


def _dutch(random: Random) -> tuple[str, str]:
    number = f"NL{_checked(random, (9, 8, 7, 6, 5, 4, 3, 2))}B{random.randint(1, 9):02}"
    return number, number


def _french(random: Random) -> tuple[str, str]:
    digits = _digits(random, 8)
    doubled = [sum(divmod(digit * (2 if at % 2 else 1), 10)) for at, digit in enumerate(digits)]
    siren = _text(digits) + str(-sum(doubled) % 10)
    return siren, f"FR{(12 + 3 * (int(siren) % 97)) % 97:02}{siren}"


def _portuguese(random: Random) -> tuple[str, str]:
    digits = [5, *_digits(random, 7)]
    number = _text(digits) + str((11 - _weighed(digits, (9, 8, 7, 6, 5, 4, 3, 2))) % 11 % 10)
    return number, f"PT{number}"


def _danish(random: Random) -> tuple[str, str]:
    number = _checked(random, (2, 7, 6, 5, 4, 3, 2), sign=-1)
    return number, f"DK{number}"


def _polish(random: Random) -> tuple[str, str]:
    number = _checked(random, (6, 5, 7, 2, 3, 4, 5, 6, 7))
    return number, f"PL{number}"


_MAKERS = {"NL": _dutch, "FR": _french, "PT": _portuguese, "DK": _danish, "PL": _polish}
