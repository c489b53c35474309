#pragma once
// A parameter's value as JSON, for texts that are read by programs of other makers or builds: a
// range is [low, high], a duration its nanoseconds, a size its bytes, JsonText what it says.

#include <nlohmann/json_fwd.hpp>

#include "common/parameters.hpp"

namespace joust {

// Throws nlohmann::json::exception where a JsonText is no JSON.
nlohmann::json to_json(const ParameterValue& value);

// The reverse. Throws nlohmann::json::exception when the JSON does not have the kind's form.
ParameterValue from_json(ParameterKind kind, const nlohmann::json& json);

}  // namespace joust
