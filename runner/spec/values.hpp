#pragma once
// From a node of a spec to the value of a declared parameter.

#include <optional>
#include <string>

#include "common/parameters.hpp"
#include "runner/spec/document.hpp"

namespace joust::spec {

// The interval or the choices: "1 to 100", "at least 0", "\"a\" or \"b\""; empty when there is no
// limit.
std::string limits_text(const ParameterInfo& declared);

// What a value must be, for messages: "an integer from 1 to 100", "one of \"a\", \"b\"".
std::string allowed_text(const ParameterInfo& declared);

// The unit and the limits, for people: "steps, 1 to 100".
std::string note_text(const ParameterInfo& declared);

// The declared default as a spec would write it; "none" for a duration without end.
std::string default_text(const ParameterInfo& declared);

// The value of any kind but `file`, or nothing when the node has the wrong type or is out of range.
// A range comes back as it is written, also with its low end above its high end.
std::optional<ParameterValue> convert(const Node& node, const ParameterInfo& declared);

// "; did you mean 'n_steps'?", or the names themselves when they are few, or nothing.
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace joust::spec
