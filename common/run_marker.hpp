#pragma once
// How the processes of a run are told from all others: by a variable in their environment, which
// every descendant inherits, also one that left its session, its process group and its parents
// behind.
//
//     JOUST_RUN=<id of the run>       JOUST_WORKER=<slot>.<epoch>

#include <string>
#include <string_view>
#include <vector>

namespace joust {

inline constexpr std::string_view kRunVariable = "JOUST_RUN";
inline constexpr std::string_view kWorkerVariable = "JOUST_WORKER";

// The ids of all processes there are, as /proc lists them.
std::vector<int> all_processes();

// The value of a variable in the environment a process was started with; empty when there is none,
// or the process is gone or not ours to read.
std::string environment_of(int pid, std::string_view variable);

// Whether the process is known to have been started without the variable.
bool lacks_variable(int pid, std::string_view variable);

// Kills every process (except this one) that was started with JOUST_RUN=`run`, also those that are
// being born meanwhile. False: after about a second some were still there.
bool kill_processes_of_run(std::string_view run);

}  // namespace joust
