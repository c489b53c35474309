#pragma once
// A table's rows in ascending order of their integer key; where SQLite finds a page damaged, the
// reading goes on behind it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/journal/sqlite.hpp"

namespace joust::journal {

// Keys of which no row can be read, though there may be some.
struct Gap {
  std::int64_t first = 0;
  std::optional<std::int64_t> last;  // nothing: all from the first on
};

// "up to 31 results cannot be read: those of task 7 to 36, 80", with the first few of the gaps.
// REQUIRES: at least one.
std::string gaps_text(const std::vector<Gap>& gaps, std::string_view rows, std::string_view key);

// Not thread-safe. Memory does not depend on the size of the table.
class KeyScan {
 public:
  // `sql` selects the key first, orders by it, and takes its least value as its one parameter:
  // "SELECT task, ... FROM result WHERE task >= ?1 ORDER BY task". `past_damage`: whether to go on
  // behind damaged pages; otherwise they are an error. REQUIRES: keys are not negative, and the
  // database lives longer.
  KeyScan(const Database& database, std::string_view sql, bool past_damage);

  // The next row; false when there is none. Rows that a damaged page gives out of their order are
  // passed over. Throws JournalError; gaps() is then complete all the same.
  bool step();
  // REQUIRES: step() was true.
  const Statement& row() const { return rows_; }

  const std::vector<Gap>& gaps() const { return gaps_; }

 private:
  enum class Found { row, end, damage };
  Found seek(std::int64_t key);
  Found advance();
  Found pass_damage();

  const Database& database_;
  Statement rows_;
  bool past_damage_;
  std::int64_t next_ = 0;  // the least key that has not been passed
  std::size_t seeks_ = 0;
  std::vector<Gap> gaps_;
};

}  // namespace joust::journal
