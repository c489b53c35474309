#include "runner/os/find_worker.hpp"

#include <fmt/format.h>

#include "common/own_programs.hpp"

namespace joust::os {

namespace {

std::filesystem::path require(const char* program) {
  auto found = find_own_program(program);
  if (!found.empty()) return found;
  const auto places = places_of_program(program);
  throw std::runtime_error(
      fmt::format("{} was not found; it should be {} or {}: build or install joust again", program,
                  places[0].string(), places[1].string()));
}

}  // namespace

std::filesystem::path find_worker() { return require("joust-worker"); }

std::filesystem::path find_plugin_worker() { return require("joust-plugin-worker"); }

std::filesystem::path find_stacks_program() { return find_own_program("joust-stacks"); }

}  // namespace joust::os
