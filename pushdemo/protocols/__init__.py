"""uvicorn's protocol classes, changed where push wants something else of them: each is a `Line` of the fan-out.

An application that is given a line may hand its connection over and return (`exchange.streamed`, `conversing`,
`held`). Then no task stays for it; the fan-out writes to the transport, and what comes from the client comes here.
"""
