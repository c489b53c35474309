#pragma once
// Numbers that tests take from the environment.

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

#include "common/parse_number.hpp"

namespace joust::test {

// Nothing when the variable is not set. Throws std::runtime_error when it is no number.
inline std::optional<std::uint64_t> number_from_environment(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  const auto number = parse_number<std::uint64_t>(text);
  if (!number) throw std::runtime_error(std::string(variable) + " is no number: " + text);
  return number;
}

}  // namespace joust::test
