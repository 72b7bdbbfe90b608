from dashboard.sandbox.call import Call
from dashboard.sandbox.declarations import Route
from dashboard.sandbox.fields import Field
from dashboard.sandbox.media_types import JSON, decoded_body
from dashboard.sandbox.messages import Answer, json_answer
from dashboard.sandbox.names import Names
from dashboard.sandbox.refusals import Refusal

CREDENTIALS = (Field("username", required=True), Field("password", required=True))


def routes(names: Names) -> list[Route]:
    return [
        Route(
            "POST", names.login_path, sign_in, body=CREDENTIALS, scoped=False, guarded=False,
            refusals=(400, 401, 415),
        )
    ]  # fmt: skip


def sign_in(call: Call) -> Answer:
    sent = decoded_body(call.request, call.switches)
    words = [sent.get(field.name) for field in CREDENTIALS]
    for field, word in zip(CREDENTIALS, words, strict=True):
        if not isinstance(word, str) or not word:
            raise Refusal(400, f'The key "{field.name}" must be provided.')
    token = call.tokens.sign_in(str(words[0]), str(words[1]), call.switches.token_ttl)
    return json_answer({"token": token}, 200, JSON)
