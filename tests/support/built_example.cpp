#include "tests/support/built_example.hpp"

#include <doctest/doctest.h>

#include "tests/support/process_joust.hpp"

namespace joust::test {

void run_cmake(const std::vector<std::string>& arguments) {
  JoustOptions cmake;
  cmake.program = "/usr/bin/cmake";
  const Finished finished = joust(arguments, cmake, seconds(120));
  CAPTURE(finished.out);
  CAPTURE(finished.err);
  REQUIRE(finished.code == 0);
}

void build_example(const std::filesystem::path& example, const std::filesystem::path& prefix) {
  run_cmake({"-S", example, "-B", example / "build", "-G", "Ninja",
             "-DCMAKE_PREFIX_PATH=" + prefix.string(),
             "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Wconversion -Werror"});
  run_cmake({"--build", example / "build"});
}

}  // namespace joust::test
