"""What CloudFormation refuses, in the words and with the error codes of its API."""

from __future__ import annotations


class RefusedError(Exception):
    """An answer of the API that says no. `code` is what boto3 shows as the error's code."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> RefusedError:
    """The commonest refusal: a template, a parameter or a stack's state does not allow what was asked."""
    return RefusedError("ValidationError", message)
