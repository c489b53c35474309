#pragma once
// The text of --chaos: "kill=20/s,stop=2/s,seed=7".

#include <stdexcept>
#include <string>

#include "runner/os/injuries.hpp"

namespace joust::cli {

// What is wrong with the text; complete, print it as it is.
struct ChaosError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Rates are per second, up to 1000, or per minute ("30/m"); seed is 1 unless given. Throws
// ChaosError.
os::InjuryPlan parse_chaos(const std::string& text);

}  // namespace joust::cli
