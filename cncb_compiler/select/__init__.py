"""Selectors: the one way in which commands are told about which part of a system they are asked.

    service:orders      a service and all that it declares      orders        the same, by name alone
    event:order-*       events by pattern                        orders.submit a declaration of a service
    owner:payments      what a team answers for                  kind:control  services of a kind
    +x   x+   2+x+1     with all that leads there, all that follows, so many steps of each
    path:a..b           everything on a way from a to b
    changed             what differs from the revision that is compared with

Several with spaces between them are a union, with commas an intersection: `kind:bff,owner:shop event:order-*`.
"""
