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

}  // namespace

std::filesystem::path find_worker() {
  const auto places = places_of("joust-worker");
  auto found = first_executable(places);
  if (!found.empty()) return found;
  throw std::runtime_error(
      fmt::format("joust-worker was not found; it should be {} or {}: build or install joust again",
                  places[0].string(), places[1].string()));
}

std::filesystem::path find_stacks_program() { return first_executable(places_of("joust-stacks")); }

}  // namespace joust::os
