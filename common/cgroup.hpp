#pragma once
// Control groups (version 2), as a means of ending a process together with all that it ever
// started: no process leaves its group by forking, by a session of its own or by clearing its
// environment.

#include <filesystem>
#include <string_view>

namespace joust {

// What the guard finds in its environment: the folder of the run's group; empty: there is none.
inline constexpr std::string_view kCgroupVariable = "JOUST_CGROUP";

// Moves this process into the group. False: errno says why.
bool enter_cgroup(const std::filesystem::path& group);

// Whether the process is in the group, or in one below it.
bool is_in_cgroup(int pid, const std::filesystem::path& group);

// Removes the group and those below it. False: something still lives in it.
bool remove_cgroup(const std::filesystem::path& group);

// Sends SIGKILL to every process in the group, also to those that are being born, and removes it
// when they have ended. False: after about a second something still lived.
bool end_cgroup(const std::filesystem::path& group);

}  // namespace joust
