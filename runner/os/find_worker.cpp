#include "runner/os/find_worker.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

namespace joust::os {

std::filesystem::path find_worker() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto folder = self.parent_path();
  const std::array places = {folder / "joust-worker",
                             folder.parent_path() / "libexec" / "joust" / "joust-worker"};
  for (const auto& place : places) {
    if (::access(place.c_str(), X_OK) == 0) return place;
  }
  throw std::runtime_error(
      fmt::format("joust-worker was not found; it should be {} or {}: build or install joust again",
                  places[0].string(), places[1].string()));
}

}  // namespace joust::os
