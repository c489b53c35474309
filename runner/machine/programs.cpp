#include "runner/machine/programs.hpp"

#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <system_error>

namespace joust::machine {

namespace fs = std::filesystem;

bool is_program(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0;
}

fs::path find_in_path(const std::string& program, const std::string& path) {
  std::istringstream folders(path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    fs::path file = fs::path(folder) / program;
    if (is_program(file)) return file;
  }
  return {};
}

fs::path find_in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  return find_in_path(program, path != nullptr ? path : "");
}

}  // namespace joust::machine
