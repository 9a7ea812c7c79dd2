"""Nothing that a user can write gives a traceback: it gives findings with their places, or sound output."""

from __future__ import annotations

import ast
import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cncb_compiler.aws.serialize import to_json, to_yaml
from cncb_compiler.compilation import checked_template, emit_service
from cncb_compiler.diagnostics.render import renderer
from cncb_compiler.passes import Analysis, analyse, has_errors
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.source.discover import NoSystemError, SystemSource, systems
from cncb_compiler.source.lines import LineTable
from tests.properties.mutations import EXAMPLES, INJECTED, example, spoiled_bytes, spoiled_systems
