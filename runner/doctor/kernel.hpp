#pragma once
// What joust needs of the kernel, each tried and not read from a version: a kernel of a
// distribution may have more than its version says, and a container or a seccomp filter less.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "runner/doctor/finding.hpp"

namespace joust::doctor {

struct Feature {
  const char* name;
  const char* since;             // the first Linux that has it
  const char* use;               // what joust does with it
  std::function<int()> attempt;  // uses it; 0 or an errno
};

// REQUIRES for their attempts: this process has one thread.
const std::vector<Feature>& kernel_features();

// One finding when all can be had, and else one for each that can not.
Findings check_kernel(const std::vector<Feature>& features);

// `root` is where /proc is looked for.
Finding check_proc(const std::filesystem::path& root);

struct Clock {
  std::string source;      // where the kernel has the time from; empty: it does not say
  double nanoseconds = 0;  // that one look at it takes
};

// `root` is where /sys is looked for.
Clock try_clock(const std::filesystem::path& root);

Finding check_clock(const Clock& clock);

}  // namespace joust::doctor
