// Any text in the place of a spec gives a tournament or one SpecError.

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "common/plan.hpp"
#include "common/world_registry.hpp"
#include "runner/spec/spec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int file = ::memfd_create("spec.toml", MFD_CLOEXEC);
  if (file < 0 || ::ftruncate(file, 0) != 0 ||
      ::pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) {
    std::abort();
  }
  try {
    const auto spec =
        joust::spec::load("/proc/self/fd/" + std::to_string(file), joust::builtin_worlds(), {});
    const joust::Plan plan(spec.tournament.shape);
    if (plan.worlds() == 0) std::abort();
  } catch (const joust::spec::SpecError& error) {
    if (std::string(error.what()).empty()) std::abort();
  }
  return 0;
}
