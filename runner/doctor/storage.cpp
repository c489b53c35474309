#include "runner/doctor/storage.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "common/unique_fd.hpp"
#include "runner/os/clock.hpp"
#include "runner/report/human.hpp"

namespace joust::doctor {
namespace {

namespace fs = std::filesystem;
using report::human_bytes;

constexpr std::uint64_t kLittleRoom = 256 << 20;  // bytes
constexpr std::uint64_t kFewInodes = 1000;

std::string write_small_file(const fs::path& folder) {
  std::string name = (folder / ".joust-doctor-XXXXXX").string();
  const UniqueFd file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file) return std::generic_category().message(errno);
  ::unlink(name.c_str());
  constexpr std::string_view kContent = "joust doctor\n";
  const ssize_t written = ::write(file.get(), kContent.data(), kContent.size());
  if (written != static_cast<ssize_t>(kContent.size()) || ::fsync(file.get()) != 0) {
    return std::generic_category().message(errno);
  }
  return "";
}

std::string describe(const Storage& storage) {
  if (!storage.file_system) return storage.folder.string();
  const machine::FileSystem& file_system = *storage.file_system;
  std::string text = fmt::format("{}: {}{}, {} free", storage.folder.string(), file_system.name,
                                 file_system.is_network ? " (a network file system)" : "",
                                 human_bytes(file_system.free_bytes));
  if (storage.trouble.empty()) {
    text += fmt::format(", a small file is on the disk in {}",
                        report::human_fine_seconds(storage.sync_seconds));
  }
  return text;
}

bool has_little_room(const machine::FileSystem& file_system) {
  return file_system.free_bytes < kLittleRoom || file_system.free_inodes < kFewInodes;
}

std::string little_room(const machine::FileSystem& file_system) {
  if (file_system.free_bytes < kLittleRoom) {
    return "a disk that gets full ends a run (it can be resumed): make room";
  }
  return fmt::format(
      "only {} more files can be made there, and each failed attempt may leave two: remove some",
      file_system.free_inodes);
}

}  // namespace

Storage try_storage(const fs::path& folder) {
  Storage storage;
  std::error_code error;
  fs::path place = fs::absolute(folder, error).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();
  storage.is_above = !fs::exists(place, error);
  place = machine::existing_part(place);
  storage.folder = place;
  try {
    storage.file_system = machine::look_at_file_system(place);
  } catch (const std::system_error& trouble) {
    storage.trouble = trouble.what();
    return storage;
  }
  const TimePoint begin = os::now();
  storage.trouble = write_small_file(place);
  storage.sync_seconds = std::chrono::duration<double>(os::now() - begin).count();
  return storage;
}

Finding check_run_directory(const Storage& storage) {
  const std::string check = "run directory";
  if (!storage.trouble.empty()) {
    return {check, Grade::problem,
            fmt::format("{}: no file can be written: {}", describe(storage), storage.trouble),
            "no run can be made there: choose another folder (joust run --out DIR)"};
  }
  const machine::FileSystem& file_system = *storage.file_system;
  if (has_little_room(file_system)) {
    return {check, Grade::warning, describe(storage), little_room(file_system)};
  }
  if (file_system.is_network) {
    return {check, Grade::note, describe(storage),
            "the journal lies on scratch of this node while a run plays, and is copied back: "
            "SQLite's log needs memory and locks that such file systems do not share"};
  }
  return {check, Grade::ok, describe(storage), "the journal can lie in the run directory"};
}

Finding check_scratch(const Storage& scratch) {
  const std::string check = "scratch";
  if (scratch.is_above) {
    return {check, Grade::warning,
            fmt::format("it does not exist; above it is {}", describe(scratch)),
            "the journal of a run on a network file system would lie there: set TMPDIR to a local "
            "folder"};
  }
  if (!scratch.trouble.empty()) {
    return {check, Grade::warning,
            fmt::format("{}: no file can be written: {}", describe(scratch), scratch.trouble),
            "no run can be made on a network file system, whose journal would lie there: set "
            "TMPDIR to a local folder"};
  }
  const machine::FileSystem& file_system = *scratch.file_system;
  if (file_system.is_network) {
    return {check, Grade::warning, describe(scratch),
            "the journal of a run on a network file system needs a local one: set TMPDIR to a "
            "folder on a disk of this node"};
  }
  if (has_little_room(file_system)) {
    return {check, Grade::warning, describe(scratch), little_room(file_system)};
  }
  return {check, Grade::ok, describe(scratch),
          "the journal of a run on a network file system can lie here"};
}

}  // namespace joust::doctor
