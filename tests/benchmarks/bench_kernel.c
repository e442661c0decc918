/* What a person would write by hand for the two programs of bench_kernel.py: the numbers in the code, the
   calendar in tables. Each gives members x (issued, redeemed, expired, outstanding). */
#include <stdint.h>
#include <string.h>

typedef int64_t i64;
typedef struct { i64 units, available, expiry; } Lot;
#define CAPACITY 4096

typedef struct {
    const i64 *starts, *day, *kind, *basket, *category;
    const i64 *month, *early, *expiry; /* by day - first_day */
    i64 members, first_day, as_of;
} History;

static void put(Lot *lots, int *head, int *ripe, int *tail, Lot lot) {
    if (*tail == CAPACITY) {
        memmove(lots, lots + *head, (*tail - *head) * sizeof(Lot));
        *ripe -= *head; *tail -= *head; *head = 0;
    }
    lots[(*tail)++] = lot;
}

void simple(const History *h, i64 *out) {
    static __thread Lot lots[CAPACITY];
    for (i64 m = 0; m < h->members; m++, out += 4) {
        int head = 0, ripe = 0, tail = 0;
        i64 balance = 0, issued = 0, redeemed = 0, expired = 0;
        for (i64 e = h->starts[m]; e <= h->starts[m + 1]; e++) {
            int last = e == h->starts[m + 1];
            i64 day = last ? h->as_of : h->day[e];
            while (head < tail && lots[head].expiry <= day) {
                balance -= lots[head].units; expired += lots[head].units; head++;
            }
            if (last || h->kind[e] != 0) continue;
            i64 uses = balance / 500, need = uses * 500;
            if (uses) {
                balance -= need; redeemed += need;
                while (need) {
                    i64 take = lots[head].units < need ? lots[head].units : need;
                    lots[head].units -= take; need -= take;
                    if (!lots[head].units) head++;
                }
            }
            i64 units = h->basket[e] / 100;
            if (units) {
                put(lots, &head, &ripe, &tail, (Lot){units, day, day + 180});
                balance += units; issued += units;
            }
        }
        out[0] = issued; out[1] = redeemed; out[2] = expired; out[3] = balance;
    }
}

void card(const History *h, i64 *out) {
    static __thread Lot lots[CAPACITY];
    for (i64 m = 0; m < h->members; m++, out += 4) {
        int head = 0, ripe = 0, tail = 0;
        i64 available = 0, pending = 0, issued = 0, redeemed = 0, expired = 0, window = -1, used = 0, used_on = -1;
        for (i64 e = h->starts[m]; e <= h->starts[m + 1]; e++) {
            int last = e == h->starts[m + 1];
            i64 day = last ? h->as_of : h->day[e];
            while (ripe < tail && lots[ripe].available <= day) {
                available += lots[ripe].units; pending -= lots[ripe].units; ripe++;
            }
            while (head < ripe && lots[head].expiry <= day) {
                available -= lots[head].units; expired += lots[head].units; head++;
            }
            if (last) break;
            i64 row = day - h->first_day, units;
            if (h->kind[e] == 1) {
                units = 250;
            } else {
                i64 amount = h->basket[e];
                if (available >= 1000 && amount > 0 && used_on != day) {
                    i64 need = 1000;
                    available -= need; redeemed += need; used_on = day;
                    amount = amount > 1000 ? amount - 1000 : 0;
                    while (need) {
                        i64 take = lots[head].units < need ? lots[head].units : need;
                        lots[head].units -= take; need -= take;
                        if (!lots[head].units) head++;
                    }
                }
                i64 dollars = amount / 100;
                units = dollars;
                if (h->category[e] == 3) units += 2 * dollars;
                if (h->early[row]) {
                    if (window != h->month[row]) { window = h->month[row]; used = 0; }
                    i64 bonus = dollars < 2000 - used ? dollars : 2000 - used;
                    used += bonus; units += bonus;
                }
            }
            if (units) {
                i64 expiry = h->expiry[row];
                if (tail > head && lots[tail - 1].available == day + 14 && lots[tail - 1].expiry == expiry)
                    lots[tail - 1].units += units;
                else
                    put(lots, &head, &ripe, &tail, (Lot){units, day + 14, expiry});
                pending += units; issued += units;
            }
        }
        out[0] = issued; out[1] = redeemed; out[2] = expired; out[3] = available + pending;
    }
}
