// The journal of a run that was killed, its database and its log, with one bit flipped or cut off
// at a byte, for every n-th byte. Whoever resumes must either find exactly what had been committed
// up to some commit, or be told by name that the journal is damaged.
//
// JOUST_DAMAGE_EVERY=n sets the distance between two bytes; 1 takes every byte.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include "runner/journal/reader.hpp"
#include "tests/support/forked_child.hpp"
#include "tests/support/journal_samples.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/stride.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

constexpr TaskIndex kTasks = 40;

// Half of the results in the database, the others in the log: a commit for each.
void write_journal_of_killed_run(const fs::path& dir) {
  journal::RunDirectory::create(dir, sample_identity());
  const auto write = [&dir](TaskIndex from, TaskIndex to, bool finish) {
    ForkedChild child([&](const ForkedChild::Say&) {
      journal::Writer writer(dir, {}, [] {});
      for (TaskIndex task = from; task < to; ++task) {
        journal::Batch batch;
        add_result(batch, task, 100);
        submit(writer, batch);
        while (writer.status().results_committed <= task - from) ::usleep(50);
      }
      if (finish) {
        writer.finish("interrupted");
      } else {
        ::raise(SIGKILL);
      }
    });
    child.wait();
  };
  write(0, kTasks / 2, true);
  write(kTasks / 2, kTasks, false);
}

struct Damage {
  std::uint64_t refused = 0;
  std::uint64_t whole = 0;    // nothing that counts had changed
  std::uint64_t shorter = 0;  // the log ended at an earlier commit
};

// What a resume would find. Throws JournalError when it is refused.
std::uint64_t results_found(const fs::path& dir) {
  const journal::Reader reader(dir);
  TaskIndex next = 0;
  reader.for_each_result([&](const journal::ResultRow& row) {
    if (row.task != next || row.encoded != sample_result(row.task, 100)) {
      throw std::runtime_error(fmt::format("row {} is not what was written", row.task));
    }
    ++next;
  });
  if (reader.counts().quarantined != 0 || reader.counts().failed_attempts != 0) {
    throw std::runtime_error("rows that nobody wrote");
  }
  return next;
}

void try_damaged(const fs::path& dir, std::string_view what, Damage& damage) {
  try {
    const std::uint64_t found = results_found(dir);
    if (found == kTasks) {
      ++damage.whole;
    } else if (found >= kTasks / 2) {
      ++damage.shorter;
    } else {
      FAIL_CHECK(fmt::format("{}: only {} results are left", what, found));
    }
  } catch (const journal::JournalError& error) {
    ++damage.refused;
    const bool is_named = std::string_view(error.what()).find("run.db") != std::string_view::npos;
    if (!is_named) FAIL_CHECK(fmt::format("{}: {}", what, error.what()));
  } catch (const std::runtime_error& error) {
    FAIL_CHECK(fmt::format("{}: {}", what, error.what()));
  }
}

class Sweep {
 public:
  explicit Sweep(const std::string& file) : file_(file) {
    write_journal_of_killed_run(sound_);
    bytes_ = read_text(sound_ / file);
  }

  void flip(std::size_t every) {
    Damage damage;
    for (std::size_t place = 0; place < bytes_.size(); place += every) {
      std::string bytes = bytes_;
      bytes[place] = static_cast<char>(bytes[place] ^ (1 << (place % 8)));
      try_with(bytes, fmt::format("{} with bit {} of byte {} flipped", file_, place % 8, place),
               damage);
    }
    print("one bit flipped", damage);
  }
  void cut(std::size_t every) {
    Damage damage;
    for (std::size_t size = 0; size < bytes_.size(); size += every) {
      try_with(bytes_.substr(0, size), fmt::format("{} cut to {} bytes", file_, size), damage);
    }
    print("cut short", damage);
  }

 private:
  void try_with(const std::string& bytes, const std::string& what, Damage& damage) {
    const fs::path copy = folder_.path() / "copy";
    fs::remove_all(copy);
    fs::create_directory(copy);
    for (const char* name : {"run.db", "run.db-wal"}) fs::copy_file(sound_ / name, copy / name);
    write_text(copy / file_, bytes);
    try_damaged(copy, what, damage);
  }
  void print(const char* how, const Damage& damage) const {
    fmt::print(
        "{}, {} bytes, {}: {} times whole, {} times up to an earlier commit, {} times refused\n",
        file_, bytes_.size(), how, damage.whole, damage.shorter, damage.refused);
    CHECK(damage.whole + damage.shorter + damage.refused > 100);
  }

  ScratchFolder folder_;
  fs::path sound_ = folder_.path() / "sound";
  std::string file_;
  std::string bytes_;
};

TEST_CASE("the database of a killed run, damaged anywhere") {
  Sweep sweep("run.db");
  sweep.flip(stride("JOUST_DAMAGE_EVERY", 37));
  sweep.cut(stride("JOUST_DAMAGE_EVERY", 101));
}

TEST_CASE("the log of a killed run, damaged anywhere") {
  Sweep sweep("run.db-wal");
  sweep.flip(stride("JOUST_DAMAGE_EVERY", 97));
  sweep.cut(stride("JOUST_DAMAGE_EVERY", 211));
}

}  // namespace
}  // namespace joust::test
