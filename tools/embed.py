#!/usr/bin/env python3
"""Writes the migrations (NAME.sql, in order) as a C table: embed.py OUTPUT.c FILE..."""
import pathlib
import sys


def literal(line):
    return '"' + line.replace('\\', '\\\\').replace('"', '\\"') + '\\n"'


out, *files = sys.argv[1:]
text = ['#include "schema/schema.h"\n', 'const struct migration schema_migrations[] = {']
for file in map(pathlib.Path, files):
    lines = [l for l in file.read_text().splitlines() if l.strip() and not l.startswith('--')]
    text.append(f'    {{"{file.stem}",')
    text += [f'     {literal(line)}' for line in lines]
    text.append('    },')
text.append('    {NULL, NULL},\n};\n')
pathlib.Path(out).write_text('\n'.join(text))
