#include "runner/doctor/containment.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "runner/machine/control_groups.hpp"
#include "runner/os/run_cgroup.hpp"

namespace joust::doctor {

Containment try_containment() {
  Containment containment;
  containment.is_forbidden = std::getenv("JOUST_NO_CGROUP") != nullptr;
  containment.has_version2 = !machine::own_groups("").empty();
  if (const auto group = os::RunCgroup::create()) containment.group = group->folder();
  return containment;
}

Finding check_containment(const Containment& containment) {
  if (!containment.group.empty()) {
    return {"containment", Grade::ok,
            fmt::format("a control group can be made and killed ({})", containment.group),
            "all that worlds start ends with the run, also when joust is killed with SIGKILL"};
  }
  const std::string meaning =
      "what worlds start is found by a mark in its environment: only one that has left its parents "
      "and cleared its environment can outlive a SIGKILL of joust";
  if (containment.is_forbidden) {
    return {"containment", Grade::note, "JOUST_NO_CGROUP is set: no control group is made",
            meaning};
  }
  if (!containment.has_version2) {
    return {"containment", Grade::note, "no control groups of version 2 here", meaning};
  }
  return {"containment", Grade::note,
          "this user may not make a control group in its own (version 2)",
          meaning + ". 'systemd-run --user --scope -p Delegate=yes joust run ...' gives it one"};
}

}  // namespace joust::doctor
