#pragma once
// The samples of tests/data/statistics: the recipe is told in make_statistics.py beside them.

#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace joust::test {

inline nlohmann::json statistics_data(const std::string& name) {
  std::ifstream file(JOUST_TEST_DATA "/statistics/" + name);
  if (!file.is_open()) throw std::runtime_error("no file tests/data/statistics/" + name);
  return nlohmann::json::parse(file);
}

inline std::vector<double> recipe_sample(const nlohmann::json& recipe) {
  const double shift = recipe["shift"];
  const double scale = recipe["scale"];
  const double grid = recipe["grid"];
  std::uint64_t state = recipe["seed"];
  std::vector<double> values(recipe["size"].get<std::size_t>());
  for (double& value : values) {
    state = state * 6364136223846793005 + 1442695040888963407;
    double u = static_cast<double>(state >> 11) * 0x1p-53;
    if (grid != 0) u = std::floor(u * grid) / grid;
    value = shift + scale * u;
  }
  return values;
}

// null: NaN; "inf" and "-inf".
inline double expected_number(const nlohmann::json& value) {
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value.is_string()) return value.get<double>();
  return value.get<std::string>() == "inf" ? std::numeric_limits<double>::infinity()
                                           : -std::numeric_limits<double>::infinity();
}

// Equal up to that part of what is expected; NaN equals NaN.
inline bool agrees(double got, double want, double relative) {
  if (std::isnan(want) || std::isnan(got)) return std::isnan(want) && std::isnan(got);
  return got == want || std::fabs(got - want) <= relative * std::fabs(want);
}

}  // namespace joust::test
