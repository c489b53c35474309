#pragma once
// How a run would end what its worlds start.

#include <string>

#include "runner/doctor/finding.hpp"

namespace joust::doctor {

struct Containment {
  std::string group;          // the control group that was made, and is gone again; empty: none
  bool has_version2 = false;  // this process is in a control group of version 2
  bool is_forbidden = false;  // by JOUST_NO_CGROUP
};

// Makes a control group as a run does, enters and leaves it. REQUIRES: this process has no child
// that it needs.
Containment try_containment();

Finding check_containment(const Containment& containment);

}  // namespace joust::doctor
