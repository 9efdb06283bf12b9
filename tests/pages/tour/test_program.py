from __future__ import annotations

import ast

from pages.parts.tour.program import source


def test_the_parts_make_one_program_that_defines_and_calls_its_functions() -> None:
    tree = ast.parse(source())
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert len(defined) == 3
    assert defined <= called
