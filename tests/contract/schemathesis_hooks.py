"""How schemathesis writes the one body that is neither JSON, CSV nor a form: a workbook, as its bytes."""

import schemathesis


@schemathesis.serializer("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
def workbook(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()
