"""A value has a YAML tag.

## What it does
Looks for tags such as `!Ref`, `!Sub`, `!!str`.

## Why is this bad?
Tags mean what a program makes of them. An editor, a schema and `cncb` would each understand something else.

## Example
```yaml
resources:
  Topic:
    Properties: {TopicName: !Sub "${AWS::StackName}-topic"}
```

## Mend
Write CloudFormation's functions in their long form: `{"Fn::Sub": "..."}`, `{Ref: Topic}`. Quote a text that
begins with `!`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB008", "yaml-tag", Severity.ERROR, mendable=True)
