// SPDX-License-Identifier: Apache-2.0
// MJML, for those who have its compiler: the command line turns a file of it into the HTML that a
// template keeps. Liquid in it stays as it is. Servers never start the compiler.
#pragma once

#include "base/scope.h"

bool is_mjml(const char *path);

// Runs "mjml" of the search path, strictly; the HTML lives as long as the scope. UNAVAILABLE
// without the compiler, INVALID with what it says of the file, TOO_LARGE.
code mjml_to_html(struct scope *scope, const char *path, struct text *ret_html);
