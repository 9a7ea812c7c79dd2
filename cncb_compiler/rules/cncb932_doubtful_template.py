"""A template that AWS's own validator warns of.

## What it does
With `compile --validate`, shows the warnings of AWS's offline CloudFormation validator at the YAML that asked
for the resource.

## Why is this bad?
It would deploy, but perhaps not do what its author thinks.

## Example
```yaml
resources:
  Queue: {Type: AWS::SQS::Queue, DependsOn: Queue2}
```

## Mend
Follow the advice, or ignore the finding with a reason.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB932", "doubtful-template", Severity.WARNING)
