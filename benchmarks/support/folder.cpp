#include "benchmarks/support/folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <system_error>

namespace joust::bench {

Folder::Folder()
    : path_(std::filesystem::temp_directory_path() / fmt::format("joust-bench-{}", ::getpid())) {
  std::filesystem::create_directory(path_);
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace joust::bench
