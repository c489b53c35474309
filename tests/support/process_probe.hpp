#pragma once
// What a test looks up in /proc about processes that are not its own children.

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace joust::test {

// Live processes that were started with that variable in their environment; zombies have none.
std::vector<int> processes_with(std::string_view variable, std::string_view value);

// The live workers that are children of that supervisor; neither its guard nor the workers'
// children.
std::vector<int> workers_of(int supervisor);

// The guard of that supervisor, or 0.
int guard_of(int supervisor);

// The process exists and is no zombie.
bool is_alive(int pid);

// The letter of proc(5): 'R', 'S', 'T', ...; '?' when it is gone.
char state_of(int pid);

std::size_t open_descriptors(int pid);
std::size_t mappings(int pid);

// The live processes that are `sleep SECONDS`, as the chaos world's bare strays are.
std::vector<int> sleepers(const std::string& seconds);

// The names of joust's in /dev/shm.
std::set<std::string> shared_memory_names();

}  // namespace joust::test
