#pragma once
// Helpers for tests of the SCML worlds.

#include <algorithm>
#include <vector>

#include "worker/worlds/scml_oneshot/rules.hpp"

namespace joust::test {

// The rules of a OneShot game, with all defaults.
inline worlds::scml::Rules default_rules() {
  Parameters parameters;
  for (const ParameterInfo& info : worlds::scml::oneshot_rule_parameters()) {
    parameters.set(info.name, info.default_value);
  }
  return worlds::scml::oneshot_rules(parameters);
}

// The value that the given share of the sample does not exceed.
inline double percentile(std::vector<double> sample, double share) {
  std::sort(sample.begin(), sample.end());
  return sample[static_cast<std::size_t>(share * static_cast<double>(sample.size() - 1))];
}

}  // namespace joust::test
