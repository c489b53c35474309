#include "runner/os/find_worker.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

namespace joust::os {

namespace {

std::array<std::filesystem::path, 2> places_of(const char* program) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto folder = self.parent_path();
  return {folder / program, folder.parent_path() / "libexec" / "joust" / program};
}

std::filesystem::path first_executable(const std::array<std::filesystem::path, 2>& places) {
  for (const auto& place : places) {
    if (::access(place.c_str(), X_OK) == 0) return place;
  }
  return {};
}

std::filesystem::path require(const char* program) {
  const auto places = places_of(program);
  auto found = first_executable(places);
  if (!found.empty()) return found;
  throw std::runtime_error(
      fmt::format("{} was not found; it should be {} or {}: build or install joust again", program,
                  places[0].string(), places[1].string()));
}

}  // namespace

std::filesystem::path find_worker() { return require("joust-worker"); }

std::filesystem::path find_plugin_worker() { return require("joust-plugin-worker"); }

std::filesystem::path find_stacks_program() { return first_executable(places_of("joust-stacks")); }

}  // namespace joust::os
