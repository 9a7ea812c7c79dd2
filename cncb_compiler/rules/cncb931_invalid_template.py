"""A template that AWS's own validator refuses.

## What it does
With `compile --validate`, runs AWS's offline CloudFormation validator over each template and shows what it
refuses at the YAML that asked for the resource.

## Why is this bad?
The deployment would fail, minutes later and with less to go by.

## Example
```yaml
resources:
  Alarms: {Type: AWS::SNS::Topic, Properties: {TopicNam: alarms}}
```

## Mend
Correct the raw resource or the override. For a resource that cncb derived by itself, please report a bug.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB931", "invalid-template", Severity.ERROR)
