// No room left on the disk in the middle of a run: nothing that was committed is lost.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/mount.h>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

SpecText large_results() {
  SpecText spec;
  spec.configs = 500;
  spec.parameters = "payload = \"10KiB\"\nwork = \"1ms\"";
  spec.of_workers = "count = 2\nring_size = \"64KiB\"";
  return spec;
}

void check_failure(const Finished& failed, const fs::path& dir) {
  CAPTURE(failed.err);
  CHECK(failed.code == 5);
  CHECK(failed.err.find("the journal failed") != std::string::npos);
  CHECK(failed.err.find("joust resume " + dir.string()) != std::string::npos);
}

void check_resumed(const fs::path& dir, std::uint64_t kept) {
  CHECK(kept > 0);
  CHECK(kept < 1000);
  const Finished resumed = joust({"resume", dir.string()});
  CAPTURE(resumed.err);
  CHECK(resumed.code == 0);
  const auto report = report_of(dir);
  CHECK(report["done"] == 1000);
  CHECK(report["failed_attempts"] == 0);
}

TEST_CASE("a journal that may not grow ends the run with exit code 5, and it can be resumed") {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  JoustOptions options;
  options.most_file_bytes = 600 << 10;
  const Finished failed = joust(
      {"run", write_spec(folder.path(), large_results()).string(), "--out", dir.string()}, options);
  check_failure(failed, dir);
  check_resumed(dir, results_in(dir));
}

// A file system of its own; nothing when this machine does not permit one.
class SmallDisk {
 public:
  explicit SmallDisk(const fs::path& at) : at_(at) {
    fs::create_directory(at);
    mounted_ = ::mount("joust-test", at.c_str(), "tmpfs", 0, "size=3m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }
  bool grow() const {
    return ::mount("joust-test", at_.c_str(), "tmpfs", MS_REMOUNT, "size=100m") == 0;
  }

 private:
  fs::path at_;
  bool mounted_ = false;
};

TEST_CASE("a full disk ends the run with exit code 5, and it can be resumed after space is made") {
  const ScratchFolder folder;
  const SmallDisk disk(folder.path() / "disk");
  if (!disk.mounted()) {
    MESSAGE("not tested: no file system can be mounted here");
    return;
  }
  const fs::path dir = folder.path() / "disk" / "run";
  const Finished failed =
      joust({"run", write_spec(folder.path(), large_results()).string(), "--out", dir.string()});
  check_failure(failed, dir);
  const Finished report = joust({"report", dir.string()});
  CAPTURE(report.out);
  CHECK(report.out.find("1: killed") == std::string::npos);
  CHECK(joust({"report", dir.string(), "-o", (folder.path() / "disk" / "report").string()}).code ==
        5);
  const std::uint64_t kept = results_in(dir);
  // still no room: resuming fails as clearly
  const Finished again = joust({"resume", dir.string()});
  CAPTURE(again.err);
  CHECK(again.code == 5);
  CHECK(results_in(dir) >= kept);
  REQUIRE(disk.grow());
  check_resumed(dir, results_in(dir));
}

TEST_CASE("a run directory that cannot be made is a clear error") {
  const ScratchFolder folder;
  const auto spec = write_spec(folder.path(), large_results());
  const Finished under_file = joust({"run", spec.string(), "--out", (spec / "run").string()});
  CAPTURE(under_file.err);
  CHECK(under_file.code == 2);
  CHECK(under_file.err.find(spec.string()) != std::string::npos);
}

}  // namespace
}  // namespace joust::test
