#include "common/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace joust {
namespace {

constexpr std::array<std::string_view, 15> kUsual = {
    "PATH",          "HOME",         "USER",        "LOGNAME",         "SHELL",  "LANG",
    "LANGUAGE",      "TZ",           "TERM",        "LD_LIBRARY_PATH", "TMPDIR", "ASAN_OPTIONS",
    "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"};

constexpr std::array<const char*, 4> kThreadNumbers = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
                                                       "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"};

std::string_view name_of(std::string_view entry) { return entry.substr(0, entry.find('=')); }

}  // namespace

bool is_usual_variable(std::string_view name) {
  return name.starts_with("LC_") || name.starts_with("JOUST_") ||
         std::find(kUsual.begin(), kUsual.end(), name) != kUsual.end() ||
         std::find(kThreadNumbers.begin(), kThreadNumbers.end(), name) != kThreadNumbers.end();
}

std::vector<std::string> inherited_environment(const std::vector<std::string>& allowed) {
  std::vector<std::string> inherited;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view name = name_of(*entry);
    if (is_usual_variable(name) ||
        std::find(allowed.begin(), allowed.end(), name) != allowed.end()) {
      inherited.emplace_back(*entry);
    }
  }
  return inherited;
}

void set_variable(std::vector<std::string>& environment, std::string_view name,
                  std::string_view value) {
  std::erase_if(environment, [name](const std::string& entry) { return name_of(entry) == name; });
  environment.push_back(std::string(name).append("=").append(value));
}

void limit_library_threads(std::uint32_t threads) {
  constexpr int kLeaveWhatIsSet = 0;
  for (const char* name : kThreadNumbers) {
    ::setenv(name, std::to_string(threads).c_str(), kLeaveWhatIsSet);
  }
}

}  // namespace joust
