"""What stops a request, before it has a shape: a status, words, and what is wrong where."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Violation:
    path: str
    message: str
    code: str
    hint: str = ""


@dataclass
class Refusal(Exception):  # noqa: N818 - an outcome, not a mistake
    status: int
    detail: str
    violations: list[Violation] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


def invalid(violations: list[Violation]) -> Refusal:
    return Refusal(422, in_words(violations), violations)


def in_words(violations: list[Violation]) -> str:
    return "\n".join(
        f"{found.path}: {found.message}" if found.path else found.message for found in violations
    )


def not_found() -> Refusal:
    return Refusal(404, "Not Found")
