#include "runner/journal/new_run.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "runner/journal/files.hpp"
#include "runner/journal/identity.hpp"
#include "runner/journal/schema.hpp"
#include "runner/machine/file_system.hpp"

namespace joust::journal {
namespace {

namespace fs = std::filesystem;

void make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0777) != 0) fail_system(folder, "create it", errno);
}

}  // namespace

void write_new_run(const fs::path& folder, const RunIdentity& identity) {
  write_new_file(folder / "spec.toml", identity.spec_text);
  for (const char* name : {"inputs", "attempts", "blobs"}) make_folder(folder / name);
  for (const auto& [name, content] : identity.inputs) {
    if (fs::path(name).filename() != name || name == "." || name == "..") {
      throw JournalError(fmt::format("an input file cannot be named '{}'", name));
    }
    write_new_file(folder / "inputs" / name, content);
  }
  {
    const bool is_shared = !machine::network_file_system(folder).empty();
    const Database database(folder / "run.db", is_shared ? Database::Mode::create_without_locks
                                                         : Database::Mode::create);
    create_schema(database);
    database.execute("BEGIN");
    write_identity(database, identity);
    database.execute("COMMIT");
  }
  sync_path(folder / "run.db");
  sync_path(folder / "inputs");
  sync_path(folder);
}

}  // namespace joust::journal
