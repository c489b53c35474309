#include "runner/os/find_worker.hpp"

#include <fmt/format.h>

#include "common/own_programs.hpp"

namespace joust::os {

std::filesystem::path find_worker() {
  auto found = find_own_program("joust-worker");
  if (!found.empty()) return found;
  const auto places = places_of_program("joust-worker");
  throw std::runtime_error(
      fmt::format("joust-worker was not found; it should be {} or {}: build or install joust again",
                  places[0].string(), places[1].string()));
}

std::filesystem::path find_stacks_program() { return find_own_program("joust-stacks"); }

}  // namespace joust::os
