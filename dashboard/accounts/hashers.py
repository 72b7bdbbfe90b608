import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

# A process hashes at most two passwords at a time: a burst of sign-ins must not take the machine's memory.
slots = threading.BoundedSemaphore(2)


class ModestArgon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB a hash (the OWASP minimum) in place of Django's 100."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with slots:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with slots:
            return super().verify(password, encoded)
